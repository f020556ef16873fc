/** What the gateway says, frame by frame, and what it changes on the desk. */

import { toast } from "../staff/layers.js";
import { tabsOf } from "./order.js";

/** Take a frame in. */
export function hear(desk, frame) {
  const { t, session } = frame;
  const talk = session && desk.talks.get(session);
  const heard = {
    status: () => {
      desk.status.value = frame.status;
      desk.why.value = frame.why ?? "";
    },
    welcome: () => {
      desk.skew = Date.parse(frame.now) - Date.now() || 0;
      desk.mine.value = frame.me;
      desk.groups.value = frame.groups ?? [];
      desk.agents.value = new Map(frame.agents.map((agent) => [agent.login, agent]));
      desk.offers.value = [];
      desk.fresh = true;
    },
    presence: () => {
      desk.agents.value = new Map([...desk.agents.value, ...frame.agents.map((agent) => [agent.login, agent])]);
      const own = frame.agents.find(({ login }) => login === desk.login);
      if (own) desk.mine.value = { ...desk.mine.value, ...own };
    },
    sessions: () => {
      const open = frame.sessions.filter(({ state }) => state !== "closed");
      desk.rows.value = new Map(open.map((row) => [row.session, { ...row, unread: desk.countNew(row) }]));
      for (const { session: id, last } of frame.sessions) desk.heard.set(id, last?.seq);
      // A page opened on a session shows the tab it stands under.
      const row = !desk.ready.value && desk.rowOf(desk.current.value);
      if (row) desk.tab.value = tabsOf(row, desk.login)[0];
      desk.ready.value = true;
      // Only now is it known whose session it is, and so whether one looks on unseen.
      if (desk.fresh && desk.current.value) desk.talkOf(desk.current.value).open(desk.unseen(desk.current.value));
      desk.fresh = false;
    },
    state: () => session && desk.put(frame),
    gone: () => {
      if (talk) talk.row.value = { ...desk.row(session), state: frame.state, owner: frame.owner };
      desk.drop(session);
      desk.withdraw(session);
    },
    offer: () => {
      if (frame.row) desk.put(frame.row);
      desk.withdraw(session);
      desk.offers.value = [...desk.offers.value, frame];
    },
    offer_gone: () => {
      const was = desk.offers.value.some((offer) => offer.session === session);
      desk.withdraw(session);
      const words = { expired: "邀请过时了，会话已派给别人", taken: `已由${frame.by?.name ?? "别人"}接入`, cancelled: "顾客不再等人工了" };
      if (was && words[frame.why]) toast(words[frame.why]);
    },
    opened: () => talk?.opened(frame),
    caught_up: () => talk?.caughtUp(),
    entry: () => {
      const { asked, ...entry } = frame;
      talk?.entry(entry, desk.unseen(session));
    },
    entries: () => talk?.before(frame),
    customer: () => talk && (talk.customer.value = frame.customer ?? null),
    summary: () => talk && (talk.summary.value = frame),
    suggestions: () => talk && (talk.suggestions.value = frame.items),
    viewing: () =>
      talk && (talk.others.value = frame.viewers.map((agent) => ({ ...agent, typing: !!frame.typing?.includes(agent.login) }))),
    typing: () => frame.from === "shopper" && talk?.shopperTypes(),
    read: () => talk && (talk.seen.value = Math.max(talk.seen.value, frame.seq)),
    ack: () => written(desk, frame.id)?.acked(frame.id),
    error: () => refused(desk, frame, talk),
  };
  heard[t]?.();
  desk.told(frame);
  if (session && session === desk.current.value && ["entry", "state", "caught_up"].includes(t)) desk.see();
}

/** The talk in which something was written under this id. */
const written = (desk, id) => [...desk.talks.values()].find(({ outgoing }) => outgoing.value.some((item) => item.id === id));

function refused(desk, frame, talk) {
  const { id, re, code, message, asked, owner } = frame;
  if (id) {
    const why = code === "not_owner" && owner ? `现在由${owner.name}接待，这条没有发出` : message;
    written(desk, id)?.failed(id, why);
  } else if (["open", "listen"].includes(re) && talk) {
    talk.loading.value = false;
    talk.fault.value = message;
  } else if (!asked && code !== "bad_frame") toast(message, { bad: true });
}
