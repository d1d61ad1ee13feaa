-- title    = "Feature belongs to somebody who is gone"
-- severity = "error"
-- side     = "product"
-- about    = "feature"
-- mapped   = ["owner"]
-- complete = "own"
-- message  = "{title} belongs to an account that is deactivated."
--
-- ## Why it matters
-- Nobody decides about such a feature or answers its questions, and it does not look as if it had no owner.
--
-- ## What to do
-- Give it to the person who took over the work of the one who left, or drop it.

select f.id as subject, case when a.active is null then 'whether its owner is still there is not known' end as unknown
from features f
join assignees w on w.item_id = f.id and w.role = 'owner'
join accounts a on a.id = w.account_id
where f.is_open
    and (not a.active or (a.active is null and exists (
        select 1 from accounts b where b.person_id = a.person_id and not b.active)))
