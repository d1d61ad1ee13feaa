-- title    = "Blocker is due after what waits for it"
-- severity = "error"
-- side     = "project"
-- about    = "item"
-- mapped   = ["due_on"]
-- complete = "linked"
-- message  = "{title} is due {due_on}, but {other}, which waits for it, {step} {step_on}."
--
-- ## Why it matters
-- What waits for something cannot begin or end before it. One of the two dates cannot be kept, and who reads only the
-- later work does not see it.
--
-- ## What to do
-- Bring the blocker forward, move what waits for it, or remove the link if it does not really wait.
--
-- What is part of the other one, such as a story that blocks its own epic, and the start of work that is already under
-- way are left alone.

select b.id as subject, w.id as other, b.due_on,
    case when b.due_day > w.due_day then 'is due' else 'starts' end as step,
    case when b.due_day > w.due_day then w.due_on else w.start_on end as step_on
from links l
join items b on b.id = l.from_id
join items w on w.id = l.to_id
where l.type = 'blocks'
    and b.is_open
    and w.is_open
    and (b.due_day > w.due_day or (b.due_day > w.start_day and w.status <> 'doing'))
    and coalesce(b.parent_id, 0) <> w.id
    and coalesce(w.parent_id, 0) <> b.id
    and ((b.kind <> 'feature' and w.kind <> 'feature') or coalesce(b.feature_id, 0) <> coalesce(w.feature_id, 0))
