import { z } from 'zod';

/** The relations to which a view's rule refers: `d.refobjid` is in the text of the view v. */
const IN_VIEW = `JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
  JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid JOIN pg_catalog.pg_class v ON v.oid = w.ev_class AND v.relkind = 'v'`;

/**
 * A recursive part of WITH, `hiding(oid)`: views that show only some rows of a table, or none, as policies say so. Such
 * a table is read as the view's owner reads it, of a security_invoker as whoever asks does, whatever stands above.
 */
export const HIDING_VIEWS = `hiding AS (SELECT v.oid FROM pg_catalog.pg_class t ${IN_VIEW}
    JOIN pg_catalog.pg_roles o ON CASE WHEN v.reloptions::text ~* 'security_invoker=(t|on|y|1)' THEN o.rolname = current_user ELSE o.oid = v.relowner END
  WHERE t.relrowsecurity AND d.refobjid = t.oid AND NOT (o.rolsuper OR o.rolbypassrls)
    AND (t.relforcerowsecurity OR NOT pg_catalog.pg_has_role(o.oid, t.relowner, 'USAGE'))
  UNION SELECT v.oid FROM hiding h ${IN_VIEW} WHERE d.refobjid = h.oid AND v.oid <> h.oid)`;

/** Whether the relation c, beside `hiding`, shows this account only some rows. */
export const HIDES_ROWS =
  '(c.relrowsecurity AND pg_catalog.row_security_active(c.oid) OR c.oid IN (SELECT oid FROM hiding))';

/** All such tables and views of the database, `[[schema, name]]`; costs a look at pg_class where there is none. */
export const HIDDEN = `(WITH RECURSIVE ${HIDING_VIEWS} SELECT coalesce(json_agg(json_build_array(n.nspname, c.relname)), '[]')
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ${HIDES_ROWS})`;

/** What `HIDDEN` answers. */
export const hidden = z.array(z.tuple([z.string(), z.string()]));
