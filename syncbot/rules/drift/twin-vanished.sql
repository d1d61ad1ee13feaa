-- title    = "A twin has vanished"
-- severity = "warning"
-- side     = "admin"
-- about    = "item"
-- complete = "own"
-- message  = "{title} has lost its twin: {other}, last seen as {status}, {became}."
--
-- ## Why it matters
-- One side has deleted, archived, moved or hidden what the other side still works on or promises. From now on nothing
-- that the two say is compared.
--
-- ## What to do
-- Its finding says which it was, as far as the tool tells (Jira does not tell deleted from hidden). If it was moved, add the place where it is now to the connection's `scopes`; if it was hidden, let syncbot's account
-- see it again. If it was deleted, close this one too, take its link away, or link it to what has replaced it.
--
-- What is archived but still readable counts as dropped or done: `status-drift` compares it.

select l.item_id as subject, l.twin_id as other, t.status,
    case l.fate
        when 'deleted' then 'was deleted'
        when 'moved' then 'was moved to where it is not read'
        when 'hidden' then 'may no longer be seen'
        else 'can no longer be found'
    end as became,
    r.reason as unknown
from lost_twins l
join items i on i.id = l.item_id
join items t on t.id = l.twin_id
join trust r on r.scope_id = t.home_scope_id and r.field = ''
where i.is_open
    and not exists (select 1 from items u where u.group_id = i.group_id and u.id <> i.id and u.side = t.side)
