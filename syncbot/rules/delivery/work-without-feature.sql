-- title    = "Work that no feature asks for"
-- severity = "warning"
-- side     = "both"
-- about    = "task"
-- used     = ["feature"]
-- complete = "other_side"
-- message  = "No feature and no goal explains {title}."
--
-- ## Why it matters
-- Work that traces to nothing the company wants takes time from what it does want, and no roadmap shows it.
--
-- ## What to do
-- Put it under the epic that it belongs to, link it to the feature's card, or take it out of the plan.
--
-- Where a project does other work on purpose, switch the rule off there. Only work counts that is ready, under way, dated
-- or in a sprint; of a task and its subtasks, the task.

select t.id as subject
from tasks t
where t.is_open
    and t.side = 'project'
    and t.feature_id is null
    and t.goal_id is null
    and (t.is_committed or exists (
        select 1 from item_sprints x join sprints s on s.id = x.sprint_id
        where x.item_id = t.id and x.is_current and s.state <> 'closed'))
    and not exists (select 1 from items p where p.id = t.parent_id and p.kind = 'task')
    and not exists (select 1 from tasks w where w.group_id = t.group_id and w.side = 'project' and w.id < t.id)
