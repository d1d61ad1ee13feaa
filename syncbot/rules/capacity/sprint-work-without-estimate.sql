-- title    = "Work in the running sprint has no estimate"
-- severity = "warning"
-- side     = "project"
-- about    = "task"
-- mapped   = ["points or minutes"]
-- complete = "own"
-- message  = "{title} is in an active sprint and has no estimate."
--
-- ## Why it matters
-- A sprint's load is the sum of its estimates: what has none is promised, but no capacity is set aside for it.
--
-- ## What to do
-- Estimate it, its subtasks or its parent task; or move it out of the sprint. Where a whole sprint has no estimates, the rule
-- takes it that the team works without them.

with estimated as (
    select distinct x.sprint_id
    from item_sprints x
    join effort e on e.item_id = x.item_id and e.unknown is null)
select t.id as subject,
    case when not exists (select 1 from estimated d where d.sprint_id = s.id)
        then 'nothing in its sprint has an estimate' end as unknown
from tasks t
join effort e on e.item_id = t.id
join item_sprints x on x.item_id = t.id and x.is_current
join sprints s on s.id = x.sprint_id
where t.is_open
    and e.unknown is not null
    and s.state = 'active'
