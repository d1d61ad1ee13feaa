-- title    = "Feature serves no goal"
-- severity = "warning"
-- side     = "product"
-- about    = "feature"
-- complete = "all"
-- message  = "No goal explains {title}."
--
-- ## Why it matters
-- What serves no goal cannot be weighed against anything, so whoever asks loudest decides about it.
--
-- A feature that is part of another one is explained by it.
--
-- ## What to do
-- Say which goal it serves (a parent, a link or a label, as the mapping reads goals), or drop it.

with served as (
    select distinct f.scope_id from features f where f.goal_id is not null)
select f.id as subject,
    case when s.scope_id is null then 'no feature of its scope has a goal' end as unknown
from features f
left join served s on s.scope_id = f.scope_id
where f.is_open
    and f.goal_id is null
    and not exists (
        select 1 from items t join items p on p.id = t.parent_id
        where t.group_id = f.group_id and p.kind = 'feature' and p.group_id <> f.group_id)
