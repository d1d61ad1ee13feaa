-- title    = "Active goal has nothing under it"
-- severity = "error"
-- side     = "product"
-- about    = "goal"
-- mapped   = ["status"]
-- complete = "all"
-- message  = "{title} is an active goal, and nothing works towards it."
--
-- ## Why it matters
-- A goal that nothing works towards is not going to be reached, however often it is shown.
--
-- ## What to do
-- Link the features that serve it, plan one, or give the goal up.

with served as (
    select g.group_id, g.home_scope_id
    from goals g
    where exists (
        select 1 from links l join items c on c.id = l.from_id
        where l.to_id = g.id and l.type = 'child_of' and c.status <> 'dropped'))
select g.id as subject,
    case when not exists (select 1 from served s where s.home_scope_id = g.home_scope_id)
        then 'no goal of its scope has anything under it' end as unknown
from goals g
where not exists (select 1 from served s where s.group_id = g.group_id)
    and not exists (
        select 1 from goals t where t.group_id = g.group_id and (t.id < g.id or coalesce(t.state, '') <> 'active'))
