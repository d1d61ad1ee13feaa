-- title    = "Chain of blocked work hangs on something that stands still"
-- severity = "error"
-- side     = "both"
-- about    = "item"
-- mapped   = ["due_on", "status"]
-- complete = "linked"
-- message  = "{title} {why}, and at least {waiting} items wait for it, {steps} in a row up to {other}."
-- [params]
-- length = { default = 3, help = "how many items must wait in a row" }
--
-- ## Why it matters
-- Every day that the first item stands still, the last one of the chain comes a day later, whoever works on what lies
-- between.
--
-- ## What to do
-- Begin with the first item: clear what holds it up, give it a date or a sprint and somebody to do it. If the chain is
-- longer than the work is, remove the links that are wrong.
--
-- A chain that nobody has promised anything of, and one whose first item is under way or planned, are left alone.

with chains as (
    select d.root_id, max(d.depth) as steps, count(*) as waiting,
        sum(case when i.is_committed then 1 else 0 end) as promised,
        sum(case when i.seen = 'missing' then 1 else 0 end) as missing
    from dependencies d
    join items i on i.id = d.item_id
    where d.root_id in (select e.root_id from dependencies e where e.depth >= :length)
    group by d.root_id)
select c.root_id as subject, d.item_id as other, c.waiting, c.steps,
    case when r.is_flagged then 'is flagged as blocked'
        when r.status = 'paused' then 'is paused'
        when r.due_day < :today then 'is past its date'
        else 'is not started and has no date' end as why,
    case when c.missing > 0 then 'one of the chain was not found when last looked for' end as unknown
from chains c
join items r on r.id = c.root_id
join dependencies d on d.root_id = c.root_id and d.depth = c.steps
where c.promised > 0
    and (r.is_flagged
        or r.status = 'paused'
        or r.due_day < :today
        or (r.status <> 'doing' and r.due_day is null and r.start_day is null and not exists (
            select 1 from item_sprints x join sprints s on s.id = x.sprint_id
            where x.item_id = r.id and x.is_current and s.state <> 'closed')))
    and not exists (select 1 from dependencies o where o.root_id = c.root_id and o.cycle_id is not null)
