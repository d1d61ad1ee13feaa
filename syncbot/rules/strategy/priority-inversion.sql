-- title    = "Important feature waits for people who work on less important ones"
-- severity = "error"
-- side     = "both"
-- about    = "feature"
-- mapped   = ["priority"]
-- filled   = ["priority"]
-- complete = "linked"
-- message  = "{title} (priority {priority}) waits, while somebody who has work of it is busy with {other} (priority {other_priority})."
-- [params]
-- steps = { default = 1, help = "how many priorities lower the other feature must be" }
--
-- ## Why it matters
-- The order in which product wants things is not the order in which they are worked on, and nobody decided that.
--
-- Work that is flagged, paused or blocked, and features that begin later, may wait.
--
-- ## What to do
-- Ask whether the one who is busy can change over, or give the work to somebody else. If the order is right as it is, correct the
-- priorities.

with working as (
    select p.person_id, f.id, f.priority
    from feature_people p
    join features f on f.id = p.feature_id and f.is_open
    join people w on w.id = p.person_id and not w.is_bot and coalesce(w.active, true)
    where p.doing > 0),
busy as (
    select w.person_id, max(w.priority) as priority from working w group by w.person_id)
select f.id as subject, b.person_id as person, f.priority, b.priority as other_priority,
    (select min(w.id) from working w where w.person_id = b.person_id and w.priority = b.priority) as other
from features f
join items h on h.id = f.id
join feature_people p on p.feature_id = f.id and p.free > 0
join busy b on b.person_id = p.person_id and b.priority >= f.priority + :steps
where f.is_waiting
    and f.status <> 'paused'
    and not h.is_flagged
    and coalesce(h.start_day, 0) <= :today
    and not exists (
        select 1 from links l join items w on w.id = l.from_id join items s on s.id = l.to_id
        where l.type = 'blocks' and w.is_open and s.group_id = f.group_id)
