-- title    = "One person owns and leads many features"
-- severity = "info"
-- side     = "both"
-- about    = "person"
-- complete = "linked"
-- message  = "{title} both owns {other} and leads its delivery: one of {features} such features."
-- [params]
-- features_at_most = { default = 3, help = "how many open features one person may both own and lead" }
--
-- ## Why it matters
-- Whoever decides what is built and also how and when it is delivered has nobody to tell them that both do not fit.
-- For a few features that is fast; for many it is a bottleneck that no plan shows.
--
-- ## What to do
-- Give the delivery of some of them a lead of its own.
--
-- If the person is meant to do both, say so in the config: `roles = ["product", "project"]`.

with both_roles as (
    select f.id, p.id as person_id
    from features f
    join people p on p.id = f.owner_id and p.id = f.lead_id
    where f.is_open and f.side = 'product' and not p.is_bot and coalesce(p.active, true) and coalesce(p.roles, '') <> 'product,project'),
counts as (
    select b.person_id, count(*) as features from both_roles b
    group by b.person_id having count(*) > :features_at_most)
select c.person_id as subject, b.id as other, c.features
from counts c
join both_roles b on b.person_id = c.person_id
