/** What the desk calls things, and how it writes times: one place, so that a word is the same everywhere. */

export const STATUS = { online: "在线", busy: "忙碌", away: "离开", offline: "离线" };
export const STATUS_NOTE = { online: "自动接新会话", busy: "不派新会话，可以自己接", away: "暂时不在", offline: "下班" };

export const STATE = {
  new: "未开始",
  bot: "机器人接待",
  queued: "排队中",
  offered: "等待应答",
  active: "会话中",
  on_hold: "已挂起",
  message_left: "留言",
  wrap_up: "收尾",
  closed: "已结束",
};

export const CLOSED = {
  bot_confirmed: "机器人解决",
  bot_assumed: "机器人答复后结束",
  agent_resolved: "客服解决",
  shopper_left_bot: "顾客离开",
  abandoned_in_queue: "排队时离开",
  shopper_timeout: "顾客久未回复",
  message_left: "已留言",
  merged: "已合并",
  spam: "骚扰",
  system: "系统结束",
  imported: "导入的记录",
};

export const EMOTION = {
  angry: "生气",
  anxious: "着急",
  disappointed: "失望",
  sad: "难过",
  neutral: "平静",
  satisfied: "满意",
  grateful: "感谢",
  delighted: "开心",
};
export const UPSET = ["angry", "anxious", "disappointed", "sad"];

export const LEVEL = { senior: "金牌", vip: "VIP" };
export const CHANNEL = { web: "网页", wecom: "企业微信", import: "导入" };
export const SUGGESTION = { answer: "建议回答", talk_track: "竞品话术", canned: "快捷回复" };
export const SOURCE = { article: "知识", passage: "文档", order: "订单", product: "商品", logistics: "物流", relation: "搭配" };
export const SOLVED = { yes: "已解决", partly: "部分解决", no: "未解决" };
export const CATEGORIES = ["商品咨询", "优惠活动", "订单修改", "发货物流", "退换货", "退款", "发票", "投诉", "使用售后", "其他"];

export const TICKET = {
  return: "退货",
  exchange: "换货",
  refund: "退款",
  complaint: "投诉",
  lost_parcel: "快递丢件",
  logistics: "物流问题",
  how_to: "使用方法",
  price_enquiry: "询价",
  churn_risk: "挽留",
  callback: "回访",
  other: "其他",
};
export const TICKET_STATE = { new: "新建", assigned: "已分派", working: "处理中", waiting: "等待中", resolved: "已解决", closed: "已关闭" };
export const PRIORITY = ["插队", "紧急", "普通", "低"];

export const ORDER = {
  pending: "待付款",
  paid: "待发货",
  shipped: "运输中",
  delivered: "已签收",
  finished: "已完成",
  refunding: "退款中",
  refunded: "已退款",
  cancelled: "已取消",
};

const clockTime = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
const DAY = 864e5;
const midnight = (at) => new Date(at).setHours(0, 0, 0, 0);

/** 14:05 */
export const timeOf = (at) => (at ? clockTime.format(new Date(at)) : "");

/** 今天, 昨天, 11月3日, 2025年11月3日 */
export function dayOf(at) {
  const days = Math.round((midnight(Date.now()) - midnight(at)) / DAY);
  if (days === 0) return "今天";
  if (days === 1) return "昨天";
  if (days === -1) return "明天";
  const date = new Date(at);
  const year = date.getFullYear() === new Date().getFullYear() ? "" : `${date.getFullYear()}年`;
  return `${year}${date.getMonth() + 1}月${date.getDate()}日`;
}

/** The time where it is today, otherwise the day. */
export const whenOf = (at) => (at ? (dayOf(at) === "今天" ? timeOf(at) : dayOf(at)) : "");

/** The day and the time: 昨天 14:05 */
export const momentOf = (at) => (at ? `${dayOf(at)} ${timeOf(at)}` : "");

/** 0:42, 3:05, 1:12:30: how long, in seconds. */
export function lasting(seconds) {
  const all = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  if (h >= 24) return `${Math.floor(h / 24)} 天`;
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** How long a shopper may wait: amber from the first, red from the second, in seconds. */
export const LATE = [60, 180];
export const lateness = (seconds) => (seconds >= LATE[1] ? "bad" : seconds >= LATE[0] ? "warn" : "");
