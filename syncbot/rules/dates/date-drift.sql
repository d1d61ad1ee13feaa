-- title    = "Twins' dates differ"
-- severity = "error"
-- side     = "both"
-- about    = "feature"
-- mapped   = ["due_on"]
-- complete = "linked"
-- message  = "{title} is due {due_on}, while {other} is due {other_due_on}: {days} days {which}."
-- [params]
-- tolerance_days = { default = 3, help = "how many days apart twins may be due" }
--
-- ## Why it matters
-- Whoever reads only one of the two tells customers, sales or the team a date that the other side does not plan for.
--
-- ## What to do
-- Agree on one date and write it on both. Where several epics deliver one feature, only the last one's date must be the
-- feature's; the earlier ones may be due before it.

select f.id as subject, t.twin_id as other, h.due_on, t.due_on as other_due_on, abs(t.due_day - h.due_day) as days,
    case when t.due_day > h.due_day then 'later' else 'earlier' end as which
from twins t
join features f on f.id = t.feature_id
join items h on h.id = f.id
where f.is_open
    and t.is_open
    and (t.due_day > h.due_day + :tolerance_days
        or (t.due_day < h.due_day - :tolerance_days and not exists (
            select 1 from twins u
            where u.feature_id = f.id and u.is_open and (u.due_day is null or u.due_day > t.due_day))))
