-- title    = "Much of a sprint serves no committed feature"
-- severity = "warning"
-- side     = "both"
-- about    = "sprint"
-- mapped   = ["points or minutes"]
-- used     = ["feature"]
-- complete = "other_side"
-- message  = "{title}: {off_roadmap} of {planned} {unit} serve no committed feature ({off_percent}%)."
-- [params]
-- percent_at_most = { default = 40, help = "how much of a sprint's effort may serve no committed feature" }
--
-- ## Why it matters
-- The roadmap promises what the sprints do not work on: either its dates will not hold, or the work is worth a place on it.
--
-- ## What to do
-- Look at what the sprint holds besides the committed features: link it to the feature that it is for, commit to that
-- feature, or plan less of it. What points to something that is not read is not counted against the sprint.

select l.sprint_id as subject, l.off_roadmap, l.planned, l.unit, l.off_percent,
    case when l.unestimated > l.estimated then 'most of its work has no estimate' end as unknown
from sprint_load l
where l.off_percent > :percent_at_most
