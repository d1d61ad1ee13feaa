-- title    = "What is read is older than promised"
-- severity = "error"
-- side     = "admin"
-- about    = "scope"
-- complete = "none"
-- message  = "{title}: {reason}."
--
-- ## Why it matters
-- While a scope has no complete read within its connection's `promise`, the rules that need it answer "cannot tell".
--
-- ## What to do
-- Run `syncbot doctor`: it says which connection fails and what to check. If reads are simply made less often than that,
-- lengthen the connection's `promise`. What an edited mapping wants is read by the next `syncbot pull`.

select s.id as subject, t.reason
from scopes s
join trust t on t.scope_id = s.id
where t.field = ''
    and not t.complete
