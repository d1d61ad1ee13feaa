-- title    = "Top feature is in no sprint"
-- severity = "error"
-- side     = "both"
-- about    = "feature"
-- mapped   = ["priority"]
-- filled   = ["priority"]
-- complete = "other_side"
-- message  = "{title} has priority {priority}, and none of its work is in the running or the next sprint."
-- [params]
-- top  = { default = 1, help = "the last priority that counts as top" }
-- soon = { days_ahead = 28, help = "features that begin after this are left alone:" }
--
-- ## Why it matters
-- Product says that nothing is more important, and no plan of the team knows of it. One of the two is wrong.
--
-- Only projects that plan in sprints are asked, and only features of which nothing is under way.
--
-- ## What to do
-- Take the first piece of its work into a sprint, or give it the priority that it really has.

with next as (
    select s.board, s.scope_id, min(s.start_day) as start_day
    from sprints s where s.state = 'future'
    group by s.board, s.scope_id),
near as (
    select s.id, s.scope_id
    from sprints s
    left join next n on n.board = s.board and coalesce(n.scope_id, 0) = coalesce(s.scope_id, 0)
    where s.state = 'active' or (s.state = 'future' and coalesce(s.start_day, 0) = coalesce(n.start_day, 0))),
planned as (
    select n.scope_id from near n
    union
    select i.home_scope_id from near n join item_sprints x on x.sprint_id = n.id and x.is_current join items i on i.id = x.item_id)
select f.id as subject, f.priority
from features f
join items h on h.id = f.id
where f.is_waiting
    and f.status <> 'paused'
    and f.priority <= :top
    and coalesce(h.start_day, 0) <= :soon
    and exists (
        select 1 from tasks t join planned p on p.scope_id = t.home_scope_id
        where t.feature_id = f.id and t.is_open)
    and not exists (
        select 1 from feature_sprints w join near n on n.id = w.sprint_id
        where w.feature_id = f.id)
