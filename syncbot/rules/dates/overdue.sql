-- title    = "The due date has passed"
-- severity = "warning"
-- side     = "project"
-- about    = "item"
-- mapped   = ["due_on", "status"]
-- complete = "own"
-- message  = "{title} was due {due_on} and is \"{word}\"."
-- [params]
-- grace = { days_ago = 0, help = "what was due before this day is overdue:" }
--
-- ## Why it matters
-- A date that has passed misleads everyone who plans with it, and a plan full of such dates is believed by nobody.
--
-- ## What to do
-- Close it if it is done, else give it a date that can be kept, or none. Of twins, the one that delivers is named.

select i.id as subject, i.due_on, i.word
from items i
where i.is_open
    and i.due_day < :grace
    and not exists (
        select 1 from items t
        where t.group_id = i.group_id and t.is_open and t.due_day < :grace and t.seen = 'here'
            and ((t.side = 'project' and i.side = 'product') or (t.side = i.side and t.id < i.id)))
