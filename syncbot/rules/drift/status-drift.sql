-- title    = "Twins disagree about the status"
-- severity = "error"
-- side     = "both"
-- about    = "feature"
-- mapped   = ["status"]
-- complete = "linked"
-- message  = "{title} is \"{word}\" ({status}), while {other} is \"{other_word}\" ({other_status})."
-- [params]
-- closed_since = { days_ago = 90, help = "twins that both closed before are left alone:" }
--
-- ## Why it matters
-- When the roadmap and the delivery say different things of the same feature, one of them misleads everyone who reads
-- only that one. Planned, ready and paused do not contradict each other: nobody is working on it.
--
-- ## What to do
-- Find out which of the two is true and correct the other one.

select f.id as subject, t.twin_id as other, f.status, f.word, t.status as other_status, t.word as other_word
from twins t
join features f on f.id = t.feature_id
where f.status <> t.status
    and not (f.status in ('planned', 'ready', 'paused') and t.status in ('planned', 'ready', 'paused'))
    and (t.done_day is null or t.done_day >= :closed_since)
