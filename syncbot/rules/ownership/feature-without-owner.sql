-- title    = "Feature has no owner"
-- severity = "error"
-- side     = "product"
-- about    = "feature"
-- mapped   = ["owner"]
-- used     = ["owner"]
-- complete = "own"
-- message  = "Nobody owns {title}."
--
-- ## Why it matters
-- A feature that nobody owns has nobody to decide what it is, to answer its questions, or to say no to it.
--
-- ## What to do
-- Name one person as its owner in the tool where the feature is planned, or drop the feature. Where hardly any feature
-- has one, the rule takes it that owners are kept elsewhere.

select f.id as subject,
    case when exists (select 1 from assignees a where a.item_id = f.id)
        then 'people are on it, but none is named as its owner' end as unknown
from features f
where f.is_open
    and f.owner_id is null
