-- title    = "Sprint is past its end and not closed"
-- severity = "warning"
-- side     = "project"
-- about    = "sprint"
-- complete = "own"
-- message  = "{title} was to end {end_on} and is {state}."
-- [params]
-- workdays = { default = 1, help = "how many working days after its end a sprint may still be open" }
--
-- ## Why it matters
-- Until a sprint is closed, what it did not finish is neither carried over nor given up, and what the team completes counts
-- for the wrong sprint.
--
-- ## What to do
-- Close it, and move what is left into the next one or back; or correct its dates.

select s.id as subject, s.end_on, case when s.state = 'active' then 'still open' else 'not even started' end as state
from sprints s
where s.state <> 'closed'
    and s.end_day < :today
    and (
        select max(c.workday) - min(c.workday) from calendar c
        where c.region = '' and c.day between s.end_day and :today) > :workdays
