"""Rows of knowledge."""

import sqlalchemy as sa

from crm_core.tables import Json, Utc, metadata

# What is true for shoppers now; `article_versions` holds what was and what may be.
articles = sa.Table(
    "articles",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # article (a question and its answer) or passage (of a document)
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("similar", Json, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("valid_from", Utc),
    sa.Column("valid_to", Utc),
    sa.Column("skus", Json, nullable=False),
    sa.Column("platforms", Json, nullable=False),
    sa.Column("tiers", Json, nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("section", sa.Text, nullable=False),
    sa.Column("page", sa.Integer),
    sa.Column("position", sa.Integer, nullable=False),  # order within the file
    sa.Index(None, "file"),
)

# Nothing here is ever changed but the state of a draft: an edit is a further row.
article_versions = sa.Table(
    "article_versions",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),  # from 1
    sa.Column("newest", sa.Boolean, nullable=False),  # what lists show of the article; dropped drafts never are
    sa.Column("state", sa.Text, nullable=False),  # draft, published, retired, dropped
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("content", Json, nullable=False),  # the columns of `articles` without id and position
    sa.Column("origin", sa.Text, nullable=False),  # import, page, gap, restore
    sa.Column("at", Utc, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_at", Utc),  # when a draft was published or dropped
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_for", sa.Text),
    sa.Column("overruled", Json),  # the golden cases that failed and were overruled
    sa.Index(None, "newest", "at", "article_id"),
)

golden_cases = sa.Table(
    "golden_cases",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("expects", sa.Text, nullable=False),  # article, text, unanswered
    sa.Column("article_id", sa.Text),
    sa.Column("text", sa.Text),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("sku", sa.Text),
    sa.Column("platform", sa.Text),
    sa.Column("tier", sa.Text),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
)

gaps = sa.Table(
    "gaps",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),  # open, drafted, published, ignored
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("questions", sa.Integer, nullable=False),
    sa.Column("sessions", sa.Integer, nullable=False),
    sa.Column("would_answer", sa.Integer, nullable=False),  # sessions, with the draft on the shelf …
    sa.Column("would_answer_unseen", sa.Integer, nullable=False),  # … and where their own wording is not part of it
    sa.Column("draft", Json),  # {text, similar, from: [{conversation, seq, by}]}; none without a human answer
    sa.Column("article_id", sa.Text),
    sa.Column("first_at", Utc, nullable=False),
    sa.Column("last_at", Utc, nullable=False),
    sa.Column("computed_at", Utc, nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_for", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(None, "state", "sessions"),
)

# Where in the log a question stands that nobody, or only a person, could answer. The words stay in the log alone.
open_questions = sa.Table(
    "open_questions",
    metadata,
    sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("session_seq", sa.BigInteger, nullable=False),  # of the SessionOpened
    sa.Column("at", Utc, nullable=False),
    sa.Column("why", sa.Text, nullable=False),  # unsure, handed_over, unanswered, rated_badly
    sa.Column("answer_seq", sa.BigInteger),  # what a person said to it
    sa.Column("worked", sa.Boolean, nullable=False),  # the answer was followed by an order, or not asked again
    sa.Column("gap_id", sa.Text, sa.ForeignKey("gaps.id")),
    sa.Index(None, "gap_id"),
)

# How far each conversation was looked through for such questions.
looked_through = sa.Table(
    "looked_through",
    metadata,
    sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
)

answer_cuts = sa.Table(
    "answer_cuts",
    metadata,
    sa.Column("category", sa.Text, primary_key=True),  # "" is every category without a row of its own
    sa.Column("budget", sa.Float, nullable=False),
    sa.Column("set_at", Utc, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
    sa.Column("cut", sa.Float),  # none while too few labels prove the budget
    sa.Column("asked", sa.Integer, nullable=False),
    sa.Column("answered", sa.Integer, nullable=False),
    sa.Column("wrong", sa.Integer, nullable=False),
    sa.Column("bound", sa.Float),
    sa.Column("labels", Json, nullable=False),  # how many come from where: golden, rehearsal, feedback
    sa.Column("borrowed", sa.Boolean, nullable=False),  # proven on the labels of the whole shop
    sa.Column("computed_at", Utc),
    sa.Column("version", sa.Integer, nullable=False),
)
