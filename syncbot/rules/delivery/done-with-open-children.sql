-- title    = "Done, while parts of it are open"
-- severity = "warning"
-- side     = "project"
-- about    = "item"
-- mapped   = ["status"]
-- complete = "linked"
-- message  = "{title} is \"{word}\", while {other}, a part of it, is \"{other_word}\"."
-- [params]
-- closed_since = { days_ago = 90, help = "what was done before is left alone:" }
--
-- ## Why it matters
-- What counts as done is no longer looked at: the parts that are left are either forgotten work, or were never needed.
--
-- ## What to do
-- Close the parts if they are done, drop or move those that are not needed, or open the whole again.
--
-- Work under a goal that is reached is another rule's: work-on-dead-goal.

select p.id as subject, c.id as other, p.word, c.word as other_word
from items p
join items c on c.parent_id = p.id
where p.status = 'done'
    and p.kind <> 'goal'
    and p.done_day >= :closed_since
    and c.is_open
