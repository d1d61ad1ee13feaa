-- title    = "A person has more planned in a week than they can do"
-- severity = "error"
-- side     = "project"
-- about    = "person"
-- key      = ["week_on"]
-- complete = "own"
-- message  = "{title} has at least {planned_minutes} planned in the week of {week_on} ({sources}), and {capacity_minutes} to give ({capacity_from})."
-- [params]
-- tolerance_percent = { default = 10, help = "how far above their capacity a person's week may be planned" }
-- until             = { days_ahead = 28, help = "weeks are looked at that begin up to" }
--
-- ## Why it matters
-- Each tool plans as if it had the person alone. What does not fit into the week comes late, and nobody decided what.
--
-- ## What to do
-- Move or give away the least important of it, or say when the person has more time.
--
-- If the capacity is wrong, correct the person's `weekly_hours` and `away` in the config. Only open tasks count that are
-- estimated in time and have dates or a sprint; each is spread evenly over its days.

select w.person_id as subject, w.week_on, w.planned_minutes, w.capacity_minutes, w.capacity_from, w.sources, w.unknown
from person_weeks w
join people p on p.id = w.person_id
where p.active is not false
    and w.week_day <= :until
    and (w.unknown is not null or w.planned_minutes * 100 > w.capacity_minutes * (100 + :tolerance_percent))
