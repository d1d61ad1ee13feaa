-- title    = "Twins name different people"
-- severity = "warning"
-- side     = "both"
-- about    = "feature"
-- mapped   = ["owner"]
-- complete = "linked"
-- message  = "{title} belongs to one person, {other} to another."
-- [params]
-- usual_percent = { default = 50, help = "in how many percent of a scope's twins one person must have both before the others are drift" }
--
-- ## Why it matters
-- Where a feature and its delivery usually belong to one person, two names mean that somebody took over on one side only.
-- The other one still gets the questions, and thinks that the answers are somebody else's.
--
-- Where most twins have two names, one plans and one delivers: that is no drift. Nor is it drift where the config says
-- that the owner's role is product and the lead's is project.
--
-- ## What to do
-- Agree who has it and name that person on both sides.

with logins as (
    select distinct a.person_id, a.connection from accounts a),
matched as (
    select distinct a.person_id from accounts a where a.matched_by <> 'account'),
pairs as (
    select f.id, w.twin_id, w.scope_id, f.is_open and w.is_open as is_open, f.owner_id, w.owner_id as lead_id,
        f.connection = w.connection or there.person_id is not null or here.person_id is not null
            or (m.person_id is not null and n.person_id is not null) as is_known
    from twins w
    join features f on f.id = w.feature_id and f.side = 'product'
    left join logins there on there.person_id = f.owner_id and there.connection = w.connection
    left join logins here on here.person_id = w.owner_id and here.connection = f.connection
    left join matched m on m.person_id = f.owner_id
    left join matched n on n.person_id = w.owner_id
    where f.owner_id is not null and w.owner_id is not null),
usual as (
    select p.scope_id, count(*) as twins, sum(case when p.owner_id = p.lead_id then 1 else 0 end) as same
    from pairs p where p.is_known
    group by p.scope_id)
select p.id as subject, p.twin_id as other,
    case when not p.is_known then 'whether its owner and its lead are one person is not known' end as unknown
from pairs p
join people o on o.id = p.owner_id
join people l on l.id = p.lead_id
left join usual u on u.scope_id = p.scope_id
where p.is_open
    and not l.is_bot
    and coalesce(u.same, 0) * 100 >= coalesce(u.twins, 0) * :usual_percent
    and not (coalesce(o.roles, '') = 'product' and coalesce(l.roles, '') = 'project')
    and not exists (select 1 from twins w where w.feature_id = p.id and w.owner_id = p.owner_id)
    and not exists (select 1 from assignees a where a.item_id = p.id and a.person_id = p.lead_id)
    and not exists (select 1 from assignees a where a.item_id = p.twin_id and a.person_id = p.owner_id)
