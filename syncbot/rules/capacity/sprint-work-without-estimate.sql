-- title    = "Work in the running sprint has no estimate"
-- severity = "warning"
-- side     = "project"
-- about    = "task"
-- mapped   = ["points or minutes"]
-- used     = ["points or minutes"]
-- complete = "own"
-- message  = "{title} is in an active sprint and has no estimate."
--
-- ## Why it matters
-- A sprint's load is the sum of its estimates: what has none is promised, but no capacity is set aside for it.
--
-- ## What to do
-- Estimate it, its subtasks or its parent task; or move it out of the sprint.
--
-- Where a whole sprint has no estimates, the rule takes it that the team works without them.

with estimated as (
    select distinct x.sprint_id
    from item_sprints x
    join effort e on e.item_id = x.item_id and e.unknown is null),
untold as (
    select distinct l.sprint_id
    from sprint_load l
    join sprints s on s.id = l.sprint_id
    join trust t on t.scope_id = s.scope_id and t.field = l.unit
    where l.capacity_from <> 'people' and not t.mapped)
select t.id as subject,
    case when exists (select 1 from untold u where u.sprint_id = s.id)
        then 'no field is mapped to what its sprint''s capacity is given in'
        when not exists (select 1 from estimated d where d.sprint_id = s.id)
        then 'nothing in its sprint has an estimate' end as unknown
from tasks t
join effort e on e.item_id = t.id
join item_sprints x on x.item_id = t.id and x.is_current
join sprints s on s.id = x.sprint_id
where t.is_open
    and e.unknown is not null
    and s.state = 'active'
