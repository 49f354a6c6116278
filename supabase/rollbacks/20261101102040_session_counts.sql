-- Undoes 20261101102040_session_counts.sql.

drop trigger hole_resolutions_800_count_deleted on public.hole_resolutions;
drop trigger hole_resolutions_800_count_added on public.hole_resolutions;
drop trigger session_drafts_800_count_deleted on public.session_drafts;
drop trigger session_drafts_800_count_added on public.session_drafts;
drop trigger session_revisions_800_count_deleted on public.session_revisions;
drop trigger session_revisions_800_count_added on public.session_revisions;
drop function pipeline.count_session_rows();
drop trigger hole_resolutions_050_delete_in_turn on public.hole_resolutions;
drop trigger session_drafts_050_delete_in_turn on public.session_drafts;
drop trigger session_revisions_050_delete_in_turn on public.session_revisions;
drop trigger sessions_050_delete_in_turn on public.sessions;
drop function pipeline.delete_in_turn();
