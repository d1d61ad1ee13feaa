-- title    = "Part of something that is planned for other dates"
-- severity = "info"
-- side     = "project"
-- about    = "item"
-- mapped   = ["start_on or due_on", "status"]
-- complete = "linked"
-- message  = "{title} {does} {on_date}, but {other}, which it is part of, {other_does} {other_on}."
--
-- ## Why it matters
-- What ends after the whole that it is part of makes the date of the whole untrue, and nobody who reads only that notices.
--
-- ## What to do
-- Correct whichever of the two dates is wrong, or move the part elsewhere.

with pairs as (
    select c.id as child, p.id as parent, c.start_on, c.start_day, c.due_on, c.due_day,
        p.start_on as p_start_on, p.start_day as p_start_day, p.due_on as p_due_on, p.due_day as p_due_day
    from items c
    join items p on p.id = c.parent_id
    where c.is_open and p.is_open)
select k.child as subject, k.parent as other, 'ends' as does, k.due_on as on_date, 'ends' as other_does,
    k.p_due_on as other_on
from pairs k
where k.due_day > k.p_due_day
union all
select k.child, k.parent, 'begins', k.start_on, 'begins', k.p_start_on
from pairs k
where k.start_day < k.p_start_day
union all
select k.child, k.parent, 'begins', k.start_on, 'ends', k.p_due_on
from pairs k
where k.due_day is null and k.start_day > k.p_due_day
union all
select k.child, k.parent, 'ends', k.due_on, 'begins', k.p_start_on
from pairs k
where k.start_day is null and k.due_day < k.p_start_day
