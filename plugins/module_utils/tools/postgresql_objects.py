# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What PostgreSQL is asked about the objects of a database (manual: "System Catalogs")."""

from __future__ import annotations

FORM = 2
"""Form 1 of a measure had neither types, rights, policies, publications nor large objects. What
form 1 had is still asked in the same words, so that a copy can be held to the digests of an older
snapshot."""

USER_SCHEMAS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"

MEMBERS = "SELECT objid, classid FROM pg_depend WHERE deptype IN ('e', 'i')"
"""What an extension brought comes back with it, and what a type brings, with the type."""

RIGHTS = """concat_ws(' ',
       CASE WHEN a.grantee = 0 THEN 'public' ELSE pg_get_userbyid(a.grantee) END,
       a.privilege_type, a.is_grantable)"""
"""Who granted it is left out: that is the owner, or a role of the same rights."""

TABLES = (
    "SELECT n.nspname, c.relname, pg_table_size(c.oid) "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    f"WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND {USER_SCHEMAS} ORDER BY 1, 2"
)

OBJECTS = f"""
SELECT 'table ' || c.oid::regclass, a.attnum::text || ' ' || a.attname || ' ' ||
       format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull::text || ' ' ||
       a.attgenerated::text || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '-')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relkind IN ('r', 'p') AND {USER_SCHEMAS}
UNION ALL
SELECT 'owner of ' || c.oid::regclass, pg_get_userbyid(c.relowner)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND {USER_SCHEMAS}
UNION ALL
SELECT 'index ' || i.indexrelid::regclass, pg_get_indexdef(i.indexrelid)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {USER_SCHEMAS}
UNION ALL
SELECT 'constraint ' || k.conrelid::regclass || '.' || k.conname, pg_get_constraintdef(k.oid)
  FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
 WHERE k.conrelid <> 0 AND {USER_SCHEMAS}
UNION ALL
SELECT 'view ' || c.oid::regclass, pg_get_viewdef(c.oid)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('v', 'm') AND {USER_SCHEMAS}
UNION ALL
SELECT 'trigger ' || t.tgrelid::regclass || '.' || t.tgname, pg_get_triggerdef(t.oid)
  FROM pg_trigger t WHERE NOT t.tgisinternal
UNION ALL
SELECT lower(CASE p.prokind WHEN 'p' THEN 'procedure ' ELSE 'function ' END) ||
       p.oid::regprocedure, p.prosrc
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE {USER_SCHEMAS} AND NOT EXISTS
       (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT 'extension ' || e.extname, e.extversion FROM pg_extension e
UNION ALL
SELECT 'sequence ' || s.schemaname || '.' || s.sequencename, s.increment_by::text
  FROM pg_sequences s
UNION ALL
SELECT 'schema ' || quote_ident(n.nspname), pg_get_userbyid(n.nspowner)
  FROM pg_namespace n WHERE {USER_SCHEMAS}
UNION ALL
SELECT 'type ' || t.oid::regtype, concat_ws(' ', t.typtype, pg_get_userbyid(t.typowner),
       format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
       (SELECT string_agg(quote_literal(e.enumlabel), ' ' ORDER BY e.enumsortorder)
          FROM pg_enum e WHERE e.enumtypid = t.oid),
       (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = t.oid),
       (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', '
                          ORDER BY a.attnum)
          FROM pg_attribute a
         WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE {USER_SCHEMAS} AND (t.oid, t.tableoid) NOT IN ({MEMBERS}) AND (t.typtype IN ('d', 'e', 'r')
       OR t.typtype = 'c'
          AND EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
UNION ALL
SELECT 'constraint of type ' || k.contypid::regtype || '.' || k.conname, pg_get_constraintdef(k.oid)
  FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
 WHERE k.contypid <> 0 AND {USER_SCHEMAS} AND (k.contypid, 'pg_type'::regclass) NOT IN ({MEMBERS})
UNION ALL
SELECT 'definition of ' || p.oid::regprocedure,
       pg_get_userbyid(p.proowner) || ' ' || pg_get_functiondef(p.oid)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE {USER_SCHEMAS} AND p.prokind <> 'a' AND (p.oid, p.tableoid) NOT IN ({MEMBERS})
UNION ALL
SELECT 'kind of ' || c.oid::regclass, concat_ws(' ', c.relkind, c.relpersistence, c.reloptions,
       pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),
       (SELECT string_agg(h.inhparent::regclass::text, ' ' ORDER BY h.inhseqno)
          FROM pg_inherits h WHERE h.inhrelid = c.oid))
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {USER_SCHEMAS}
UNION ALL
SELECT 'column ' || a.attrelid::regclass || '.' || a.attname,
       concat_ws(' ', a.attidentity, a.attstorage, k.collname, a.attoptions)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_collation k ON k.oid = a.attcollation
 WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND {USER_SCHEMAS}
   AND (a.attidentity <> '' OR a.attcollation <> 0)
UNION ALL
SELECT 'row security of ' || c.oid::regclass,
       concat_ws(' ', c.relrowsecurity, c.relforcerowsecurity)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND {USER_SCHEMAS} AND (c.relrowsecurity OR c.relforcerowsecurity)
UNION ALL
SELECT 'policy ' || p.polrelid::regclass || '.' || p.polname, concat_ws(' ', p.polcmd,
       p.polpermissive, (SELECT string_agg(coalesce(r.rolname, 'public'), ' ' ORDER BY r.rolname)
          FROM unnest(p.polroles) AS o LEFT JOIN pg_roles r ON r.oid = o),
       pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
  FROM pg_policy p
UNION ALL
SELECT 'rule ' || r.ev_class::regclass || '.' || r.rulename, pg_get_ruledef(r.oid)
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN' AND {USER_SCHEMAS}
UNION ALL
SELECT 'state of trigger ' || t.tgrelid::regclass || '.' || t.tgname, t.tgenabled::text
  FROM pg_trigger t WHERE NOT t.tgisinternal
UNION ALL
SELECT 'event trigger ' || e.evtname,
       concat_ws(' ', e.evtevent, e.evtfoid::regproc, e.evtenabled, e.evttags)
  FROM pg_event_trigger e WHERE (e.oid, e.tableoid) NOT IN ({MEMBERS})
UNION ALL
SELECT 'statistics ' || quote_ident(n.nspname) || '.' || quote_ident(s.stxname),
       pg_get_statisticsobjdef(s.oid)
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE {USER_SCHEMAS}
UNION ALL
SELECT 'publication ' || p.pubname, concat_ws(' ', p.puballtables, p.pubinsert, p.pubupdate,
       p.pubdelete, p.pubtruncate, p.pubviaroot,
       (SELECT string_agg(r.prrelid::regclass::text || ' ' ||
                          coalesce(pg_get_expr(r.prqual, r.prrelid), ''), ', '
                          ORDER BY r.prrelid::regclass::text)
          FROM pg_publication_rel r WHERE r.prpubid = p.oid),
       (SELECT string_agg(n.nspname, ' ' ORDER BY n.nspname) FROM pg_publication_namespace s
          JOIN pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid))
  FROM pg_publication p
UNION ALL
SELECT 'foreign server ' || s.srvname, w.fdwname
  FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
UNION ALL
SELECT 'sequence options of ' || s.schemaname || '.' || s.sequencename, concat_ws(' ', s.data_type,
       s.start_value, s.min_value, s.max_value, s.cycle, s.cache_size, s.sequenceowner)
  FROM pg_sequences s
UNION ALL
SELECT 'large objects', concat_ws(' ', l.oid, pg_get_userbyid(l.lomowner), l.lomacl,
       md5(lo_get(l.oid)))
  FROM pg_largeobject_metadata l
UNION ALL
SELECT 'comments', concat_ws(' ', i.type, i.identity, md5(d.description))
  FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) AS i
 WHERE i.schema IS NOT NULL AND i.schema !~ '^pg_' AND i.schema <> 'information_schema'
   AND (d.objoid, d.classoid) NOT IN ({MEMBERS})
UNION ALL
SELECT 'settings of the database' ||
       CASE WHEN s.setrole = 0 THEN '' ELSE ' for ' || pg_get_userbyid(s.setrole) END, c
  FROM pg_db_role_setting s JOIN pg_database b ON b.oid = s.setdatabase, unnest(s.setconfig) AS c
 WHERE b.datname = current_database()
UNION ALL
SELECT 'owner of the database', pg_get_userbyid(b.datdba)
  FROM pg_database b WHERE b.datname = current_database()
UNION ALL
SELECT 'role ' || a.rolname, concat_ws(' ', a.rolinherit, a.rolcreaterole, a.rolcreatedb,
       a.rolcanlogin, a.rolreplication, a.rolbypassrls, a.rolconnlimit, a.rolvaliduntil,
       md5(a.rolpassword))
  FROM pg_authid a WHERE NOT a.rolsuper AND a.rolname !~ '^pg_'
UNION ALL
SELECT 'membership of ' || m.rolname || ' in ' || g.rolname,
       concat_ws(' ', bool_or(b.admin_option), bool_or(b.inherit_option), bool_or(b.set_option))
  FROM pg_auth_members b JOIN pg_authid m ON m.oid = b.member JOIN pg_authid g ON g.oid = b.roleid
 WHERE m.rolname !~ '^pg_' AND NOT m.rolsuper GROUP BY m.rolname, g.rolname
UNION ALL
SELECT 'default rights of ' || pg_get_userbyid(d.defaclrole) || coalesce(' in ' || n.nspname, ''),
       concat_ws(' ', d.defaclobjtype, {RIGHTS})
  FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace,
       aclexplode(d.defaclacl) AS a
UNION ALL
SELECT 'rights on the database', {RIGHTS}
  FROM pg_database b, aclexplode(coalesce(b.datacl, acldefault('d', b.datdba))) AS a
 WHERE b.datname = current_database()
UNION ALL
SELECT 'rights on schema ' || quote_ident(n.nspname), {RIGHTS}
  FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a
 WHERE {USER_SCHEMAS}
UNION ALL
SELECT 'rights on ' || c.oid::regclass, {RIGHTS}
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
       aclexplode(coalesce(c.relacl, acldefault(
         CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner))) AS a
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND {USER_SCHEMAS}
   AND (c.oid, c.tableoid) NOT IN ({MEMBERS})
UNION ALL
SELECT 'rights on ' || t.attrelid::regclass || '.' || t.attname, {RIGHTS}
  FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(t.attacl) AS a
 WHERE NOT t.attisdropped AND {USER_SCHEMAS} AND (c.oid, c.tableoid) NOT IN ({MEMBERS})
UNION ALL
SELECT 'rights on ' || p.oid::regprocedure, {RIGHTS}
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
       aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
 WHERE {USER_SCHEMAS} AND (p.oid, p.tableoid) NOT IN ({MEMBERS})
UNION ALL
SELECT 'rights on type ' || t.oid::regtype, {RIGHTS}
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace,
       aclexplode(coalesce(t.typacl, acldefault('T', t.typowner))) AS a
 WHERE {USER_SCHEMAS} AND t.typtype IN ('d', 'e', 'r') AND (t.oid, t.tableoid) NOT IN ({MEMBERS})
"""

SEQUENCES = """
SELECT schemaname || '.' || sequencename, coalesce(last_value, 0) FROM pg_sequences ORDER BY 1"""
