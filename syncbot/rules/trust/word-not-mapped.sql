-- title    = "Word that the mapping does not know"
-- severity = "warning"
-- side     = "admin"
-- about    = "scope"
-- complete = "own"
-- key      = ["facet", "word"]
-- message  = "{title}: the {facet} \"{word}\" is not known; items: {items}, one of them is {other}."
-- [params]
-- closed_since = { days_ago = 90, help = "items that were closed before do not count:" }
--
-- ## Why it matters
-- An unknown status counts as planned, an unknown type as a task, and nobody knows what an unknown person can do. Rules
-- leave such items out or judge them by what they are not.
--
-- ## What to do
-- Name the word in the mapping, under what it means; `syncbot mapping check` lists all of them. A person is named under
-- `[people]` in the config; `syncbot people` prints the lines.

select i.home_scope_id as subject, u.facet, u.word, count(*) as items, min(i.id) as other
from unmapped_words u
join items i on i.id = u.item_id
where i.seen = 'here'
    and u.facet in ('type', 'status', 'list', 'section', 'priority', 'person')
    and (i.is_open or i.done_day >= :closed_since)
group by i.home_scope_id, u.facet, u.word
