"""Every room's rows gathered in one metadata: what migrations compare against."""

from crm_core.audit import deeds as _deeds
from crm_core.commerce import tables as _commerce
from crm_core.conversations import tables as _conversations
from crm_core.customers import tables as _customers
from crm_core.desk import tables as _desk
from crm_core.desk import work_tables as _work
from crm_core.jobs import tables as _jobs
from crm_core.jobs import webhook_tables as _webhooks
from crm_core.knowledge import tables as _knowledge
from crm_core.revisions import revisions as _revisions
from crm_core.tables import metadata

__all__ = ["metadata"]

# Importing a tables module is what adds its rows to the metadata.
_GATHERED = (_deeds, _commerce, _conversations, _customers, _desk, _jobs, _knowledge, _revisions, _webhooks, _work)
