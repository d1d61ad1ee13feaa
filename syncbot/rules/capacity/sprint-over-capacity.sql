-- title    = "Sprint is planned over its capacity"
-- severity = "error"
-- side     = "project"
-- about    = "sprint"
-- mapped   = ["points or minutes"]
-- complete = "own"
-- message  = "{title} is {percent}% full: at least {planned} {unit} planned, and {capacity} {unit} to give ({capacity_from})."
-- [params]
-- tolerance_percent = { default = 10, help = "how far above its capacity a sprint may be planned" }
--
-- ## Why it matters
-- A sprint that holds more than its team can give will carry work over, and what it carries over is chosen by chance.
--
-- ## What to do
-- Move the least important work out now.
--
-- If the capacity is wrong, correct the team's members, their hours and absences, or its `capacity` in the config.

with given as (
    select l.sprint_id, max(case when t.mapped then 1 else 0 end) as told
    from sprint_load l
    join sprints s on s.id = l.sprint_id
    join trust t on t.scope_id = s.scope_id and t.field = l.unit
    group by l.sprint_id)
select l.sprint_id as subject, l.planned, l.unit, l.capacity, l.percent, l.unestimated,
    case l.capacity_from
        when 'config' then 'as configured'
        when 'people' then 'by the hours of its people'
        else 'by its last sprints' end as capacity_from,
    case when g.told = 0 then 'no field is mapped to what its capacity is given in' else l.unknown end as unknown
from sprint_load l
left join given g on g.sprint_id = l.sprint_id
where l.unknown is not null or l.percent > 100 + :tolerance_percent or g.told = 0
