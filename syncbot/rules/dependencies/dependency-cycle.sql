-- title    = "Items block each other in a circle"
-- severity = "error"
-- side     = "project"
-- about    = "item"
-- complete = "linked"
-- message  = "{title} and {other} wait for each other."
--
-- ## Why it matters
-- Each of them waits for the others, so by their links none of them can ever be done. Plans that follow the links stop
-- here.
--
-- ## What to do
-- Remove the link that is wrong: often one was drawn in the wrong direction. If they really depend on each other, they
-- are one piece of work.

select d.cycle_id as subject, d.item_id as other,
    case when exists (
        select 1 from dependencies m join items i on i.id = m.item_id
        where m.root_id = d.root_id and m.cycle_id is not null and i.seen = 'missing')
        then 'one of the circle was not found when last looked for' end as unknown
from dependencies d
where d.item_id <> d.cycle_id
