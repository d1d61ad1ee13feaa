-- title    = "Committed feature has no work"
-- severity = "error"
-- side     = "both"
-- about    = "feature"
-- complete = "other_side"
-- message  = "{title} is promised, and no task stands behind it."
--
-- ## Why it matters
-- A feature that is ready, under way, dated or has a delivery twin is a promise. With no task behind it nobody is
-- going to keep it, and no plan or forecast knows of it.
--
-- ## What to do
-- Link the delivery work to it, or take the promise back. An epic that names the card, even one that is said to be in
-- progress, is no work by itself: that is in the tasks under it.

with linked as (
    select distinct f.scope_id from features f where f.work_open > 0 or f.work_done > 0)
select f.id as subject, f.status, f.due_on,
    case when l.scope_id is null then 'no feature of its scope has any work linked to it' end as unknown
from features f
left join linked l on l.scope_id = f.scope_id
where f.is_committed
    and f.work_open = 0
    and f.work_done = 0
