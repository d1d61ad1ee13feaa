-- title    = "Work goes on for a goal that is given up or reached"
-- severity = "error"
-- side     = "both"
-- about    = "feature"
-- mapped   = ["status"]
-- complete = "linked"
-- message  = "{title} goes on, and its goal {other} is {state}."
--
-- ## Why it matters
-- Every hour on it is one that no living goal gets, and the people on it do not know.
--
-- ## What to do
-- Stop or pause the feature, or give it the goal that it serves now. If the goal lives on, correct its status.

with going as (
    select f.id, f.group_id
    from features f
    where f.is_open
        and (f.work_doing > 0 or (f.is_committed and f.status <> 'paused'))),
dead as (
    select f.id, f.group_id
    from going f
    cross join items i -- from few to many: SQLite would begin with all links
    join links l on l.from_id = i.id and l.type = 'child_of'
    join items x on x.id = l.to_id
    left join goals g on g.id = x.id
    where i.group_id = f.group_id and x.kind = 'goal'
    group by f.id, f.group_id
    having max(case when coalesce(g.state, 'active') = 'active' then 1 else 0 end) = 0)
select distinct d.id as subject, g.id as other, g.state
from dead d
join items i on i.group_id = d.group_id
join links l on l.from_id = i.id and l.type = 'child_of'
join goals g on g.id = l.to_id
where not exists (
        select 1 from goals t where t.group_id = g.group_id and coalesce(t.state, 'active') = 'active')
