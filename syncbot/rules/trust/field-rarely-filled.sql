-- title    = "Field is filled in too rarely for a rule that needs it"
-- severity = "warning"
-- side     = "admin"
-- about    = "scope"
-- complete = "own"
-- key      = ["field", "kind"]
-- message  = "{title}: {field} is filled in {filled_percent}% of its {kind}s, too rarely for {rule}."
--
-- ## Why it matters
-- A rule that judges by a field that hardly anybody fills in would judge by chance, so it says "cannot tell" and
-- finds nothing here.
--
-- ## What to do
-- Agree to fill it in, map it to the field that people really use (`syncbot mapping check` shows how often each is
-- filled), or turn the rule off for this scope. How often is often enough is `filled` in the config.

select n.scope_id as subject, n.field, case when n.kind = '' then 'item' else n.kind end as kind, n.filled_percent, n.rule
from needs n
where not n.enough
    and (n.kind <> 'feature' or exists (select 1 from features f where f.scope_id = n.scope_id and f.is_open))
