-- title    = "Sprint is planned over its capacity"
-- severity = "error"
-- side     = "project"
-- about    = "sprint"
-- mapped   = ["points or minutes"]
-- complete = "own"
-- message  = "{title}: at least {planned} {unit} planned, {capacity} to give ({capacity_from}): {percent}%. Tasks without an estimate: {unestimated}."
-- [params]
-- tolerance_percent = { default = 10, help = "how far above its capacity a sprint may be planned" }
--
-- ## Why it matters
-- A sprint that holds more than its team can give will carry work over, and what it carries over is chosen by chance.
--
-- ## What to do
-- Move the least important work out now. If the capacity is wrong, correct the team's members, their hours and
-- absences, or its `capacity` in the config.

select l.sprint_id as subject, l.planned, l.unit, l.capacity, l.capacity_from, l.percent, l.unestimated, l.unknown
from sprint_load l
where l.unknown is not null or l.percent > 100 + :tolerance_percent
