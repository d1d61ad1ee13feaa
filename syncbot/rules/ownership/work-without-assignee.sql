-- title    = "Work under way has nobody on it"
-- severity = "warning"
-- side     = "project"
-- about    = "task"
-- mapped   = ["owner or assignees"]
-- used     = ["owner or assignees"]
-- complete = "own"
-- message  = "{title} is {state}, and nobody is on it."
--
-- ## Why it matters
-- Work that is started or promised for this sprint but belongs to nobody does not get done, and no plan counts it.
--
-- ## What to do
-- Assign it, or move it back and out of the sprint. A person on its subtask, its parent task or its twin is enough.

select t.id as subject, case when t.status = 'doing' then 'under way' else 'in an active sprint' end as state
from tasks t
where t.is_open
    and (t.status = 'doing' or exists (
        select 1 from item_sprints x join sprints s on s.id = x.sprint_id
        where x.item_id = t.id and x.is_current and s.state = 'active'))
    and not exists (select 1 from items w join assignees a on a.item_id = w.id where w.group_id = t.group_id)
    and not exists (select 1 from tasks w join assignees a on a.item_id = w.id where w.parent_id = t.id)
    and not exists (select 1 from tasks w join assignees a on a.item_id = w.id where w.id = t.parent_id)
