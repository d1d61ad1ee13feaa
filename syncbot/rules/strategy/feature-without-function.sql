-- title    = "Feature lacks a function that it needs"
-- severity = "error"
-- side     = "both"
-- about    = "feature"
-- complete = "other_side"
-- key      = ["function"]
-- message  = "{title} needs {function}, and none of its work is of it."
--
-- ## Why it matters
-- Somebody marked the feature because it may not go out without them: legal, security, design. If that is found out at the end,
-- everything waits.
--
-- Which functions there are, and what asks for one, is said in the mapping: `[function]` and `[requires]`.
--
-- ## What to do
-- Plan the work of that function under the feature, or take the mark away.

select f.id as subject, n.function,
    case when n.anywhere = 0 then 'nothing is known to be of a function that it needs' end as unknown
from features f
join feature_functions n on n.feature_id = f.id
where f.is_committed
    and n.work = 0
    and (f.work_open > 0 or f.work_done > 0)
