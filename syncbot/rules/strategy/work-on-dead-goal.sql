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

with aims as (
    select distinct i.group_id, x.id, x.group_id as goal_group_id, (select g.state from goals g where g.id = x.id) as state
    from items x
    join links l on l.to_id = x.id and l.type = 'child_of'
    join items i on i.id = l.from_id
    where x.kind = 'goal'),
dead as (
    select a.group_id from aims a
    group by a.group_id
    having max(case when coalesce(a.state, 'active') = 'active' then 1 else 0 end) = 0)
select f.id as subject, a.id as other, a.state
from dead d
join aims a on a.group_id = d.group_id
join items h on h.group_id = d.group_id
join features f on f.id = h.id
where f.is_open
    and (f.work_doing > 0 or (f.is_committed and f.status <> 'paused'))
    and not exists (
        select 1 from goals t where t.group_id = a.goal_group_id and coalesce(t.state, 'active') = 'active')
