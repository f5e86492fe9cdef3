-- Clicks by quarter of an hour and class. Narrow questions (a link, a user) are answered from the
-- links' counts, wide ones from the programs'.
create function counted_clicks(wanted_link bigint, wanted_user bigint, wanted_program bigint,
                               start timestamptz, stop timestamptz)
returns table (bucket timestamptz, class smallint, clicks bigint) language sql stable as $$
    select c.bucket, c.class, c.clicks
    from program_click_counts c
    where wanted_link is null and wanted_user is null and c.dimension = 0
      and (wanted_program is null or c.program_id = wanted_program)
      and c.bucket >= start and c.bucket < stop
    union all
    select c.bucket, c.class, c.clicks
    from link_click_counts c
    where wanted_link is not null and c.link_id = wanted_link
      and c.bucket >= start and c.bucket < stop
    union all
    select c.bucket, c.class, c.clicks
    from referral_links l join link_click_counts c on c.link_id = l.id
    where wanted_link is null and wanted_user is not null and l.user_id = wanted_user
      and (wanted_program is null or l.program_id = wanted_program)
      and c.bucket >= start and c.bucket < stop
$$;

-- Clicks by a value of a dimension (see program_click_counts): wide from the programs' counts, narrow
-- from the clicks themselves, which are few there. 0: not known.
create function clicks_by_value(wanted_dimension integer, wanted_link bigint, wanted_user bigint,
                                wanted_program bigint, start timestamptz, stop timestamptz)
returns table (value_id integer, class smallint, clicks bigint) language sql stable as $$
    select c.value_id, c.class, c.clicks
    from program_click_counts c
    where wanted_link is null and wanted_user is null and c.dimension = wanted_dimension
      and (wanted_program is null or c.program_id = wanted_program)
      and c.bucket >= start and c.bucket < stop
    union all
    select coalesce(case wanted_dimension when 1 then k.place_id when 2 then k.user_agent_id
                                          when 3 then k.referrer_id else k.utm_id end, 0),
           k.class, count(*)
    from link_clicks k
    where wanted_link is not null and k.referral_link_id = wanted_link
      and k.clicked_at >= start and k.clicked_at < stop
    group by 1, 2
    union all
    select coalesce(case wanted_dimension when 1 then k.place_id when 2 then k.user_agent_id
                                          when 3 then k.referrer_id else k.utm_id end, 0),
           k.class, count(*)
    from link_clicks k
    where wanted_link is null and wanted_user is not null and k.user_id = wanted_user
      and (wanted_program is null or k.program_id = wanted_program)
      and k.clicked_at >= start and k.clicked_at < stop
    group by 1, 2
$$;
