-- title    = "Part of something that is planned for other dates"
-- severity = "info"
-- side     = "project"
-- about    = "item"
-- mapped   = ["start_on or due_on", "status"]
-- complete = "linked"
-- message  = "{title} {does} {part_on}, but {other}, which it is part of, {other_does} {other_on}."
--
-- ## Why it matters
-- What ends after the whole that it is part of makes the date of the whole untrue, and nobody who reads only that notices.
--
-- ## What to do
-- Correct whichever of the two dates is wrong, or move the part elsewhere.

with parts as (
    select c.id, c.start_on, c.due_on, coalesce(c.start_day, c.due_day) as first_day,
        coalesce(c.due_day, c.start_day) as last_day, p.id as whole, p.start_on as whole_start_on,
        p.start_day as whole_first_day, p.due_on as whole_due_on, p.due_day as whole_last_day
    from items c
    join items p on p.id = coalesce(c.parent_id, 0) -- else SQLite begins with all that have one, open or not
    where c.is_open
        and p.is_open)
select x.id as subject, x.whole as other, case when x.due_on is null then 'begins' else 'ends' end as does,
    coalesce(x.due_on, x.start_on) as part_on, 'ends' as other_does, x.whole_due_on as other_on
from parts x
where x.last_day > x.whole_last_day
union all
select x.id, x.whole, case when x.start_on is null then 'ends' else 'begins' end, coalesce(x.start_on, x.due_on), 'begins',
    x.whole_start_on
from parts x
where x.first_day < x.whole_first_day
