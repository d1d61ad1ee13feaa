-- title    = "A person has too much in progress"
-- severity = "warning"
-- side     = "project"
-- about    = "person"
-- complete = "own"
-- message  = "{title} has {items} items in progress, {other} among them."
-- [params]
-- items_at_most = { default = 5, help = "how many items one person may have in progress over all tools" }
--
-- ## Why it matters
-- Whoever works on many things at once finishes each of them later, and everybody else waits for all of them.
--
-- ## What to do
-- Finish or hand over some before the next one begins, or say in the tool that they wait.
--
-- Only what a person owns counts; twins count once, and so does a task with subtasks in progress that are the same person's.

with old as (
    select distinct t.scope_id from trust t where not t.complete),
busy as (
    select i.id, i.owner_id, i.group_id,
        case when i.seen = 'missing' then 'some of their work was not found when last looked for'
            when old.scope_id is not null then 'some of their work was not read as lately as promised' end as doubt
    from items i
    left join old on old.scope_id = i.home_scope_id
    where i.kind = 'task'
        and i.status = 'doing'
        and i.seen <> 'gone'
        and not exists (
            select 1 from items p
            where p.id = i.parent_id and p.kind = 'task' and p.status = 'doing' and p.owner_id = i.owner_id)),
counts as (
    select b.owner_id, count(distinct b.group_id) as items, min(b.doubt) as unknown
    from busy b
    group by b.owner_id
    having count(distinct b.group_id) > :items_at_most)
select c.owner_id as subject, b.id as other, c.items, c.unknown
from counts c
join people p on p.id = c.owner_id
join busy b on b.owner_id = c.owner_id
where p.active is not false
    and not p.is_bot
