# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What MariaDB is asked about the objects of a database (manual: "Information Schema Tables")."""

from __future__ import annotations

FORM = 2
"""Form 1 of a measure had neither sequences, partitions, checks nor accounts. What form 1 had is
still asked in the same words, so that a copy can be held to an older snapshot's digests."""

OBJECTS = """
SELECT CONCAT('table ', table_name), CONCAT_WS(' ', column_name, ordinal_position, column_type,
       is_nullable, IFNULL(column_default, '-'), IFNULL(collation_name, '-'), extra,
       IFNULL(generation_expression, '-'))
  FROM information_schema.columns WHERE table_schema = {schema}
UNION ALL
SELECT CONCAT('engine of ', table_name), CONCAT_WS(' ', table_type, engine, table_collation)
  FROM information_schema.tables WHERE table_schema = {schema}
UNION ALL
SELECT CONCAT('index ', table_name, '.', index_name), CONCAT_WS(' ', seq_in_index, non_unique,
       column_name, IFNULL(sub_part, '-'), index_type)
  FROM information_schema.statistics WHERE table_schema = {schema}
UNION ALL
SELECT CONCAT('foreign key ', table_name, '.', constraint_name), CONCAT_WS(' ',
       referenced_table_name, update_rule, delete_rule)
  FROM information_schema.referential_constraints WHERE constraint_schema = {schema}
UNION ALL
SELECT CONCAT('view ', table_name), CONCAT_WS(' ', check_option, security_type, view_definition)
  FROM information_schema.views WHERE table_schema = {schema}
UNION ALL
SELECT CONCAT('trigger ', trigger_name), CONCAT_WS(' ', event_object_table, action_timing,
       event_manipulation, action_statement)
  FROM information_schema.triggers WHERE trigger_schema = {schema}
UNION ALL
SELECT CONCAT(LOWER(routine_type), ' ', routine_name), CONCAT_WS(' ', IFNULL(data_type, '-'),
       sql_data_access, is_deterministic, routine_definition)
  FROM information_schema.routines WHERE routine_schema = {schema}
UNION ALL
SELECT CONCAT('event ', event_name), CONCAT_WS(' ', event_type, IFNULL(interval_value, '-'),
       IFNULL(interval_field, '-'), status, event_definition)
  FROM information_schema.events WHERE event_schema = {schema}
UNION ALL
SELECT CONCAT('sequence ', table_name), engine
  FROM information_schema.tables WHERE table_schema = {schema} AND table_type = 'SEQUENCE'
UNION ALL
SELECT CONCAT('check ', table_name, '.', constraint_name), check_clause
  FROM information_schema.check_constraints WHERE constraint_schema = {schema}
UNION ALL
SELECT CONCAT('referenced by ', table_name, '.', constraint_name), CONCAT_WS(' ', column_name,
       ordinal_position, referenced_table_name, referenced_column_name)
  FROM information_schema.key_column_usage
 WHERE constraint_schema = {schema} AND referenced_table_name IS NOT NULL
UNION ALL
SELECT CONCAT('partitions of ', table_name), CONCAT_WS(' ', partition_name,
       IFNULL(subpartition_name, '-'), partition_method, IFNULL(partition_expression, '-'),
       IFNULL(partition_description, '-'))
  FROM information_schema.partitions
 WHERE table_schema = {schema} AND partition_name IS NOT NULL
UNION ALL
SELECT CONCAT('parameters of ', specific_name), CONCAT_WS(' ', ordinal_position,
       IFNULL(parameter_mode, '-'), IFNULL(parameter_name, '-'), dtd_identifier,
       IFNULL(collation_name, '-'))
  FROM information_schema.parameters WHERE specific_schema = {schema}
UNION ALL
SELECT CONCAT('definer of routine ', routine_name), CONCAT_WS(' ', routine_type, definer,
       security_type, sql_mode, character_set_client, collation_connection)
  FROM information_schema.routines WHERE routine_schema = {schema}
UNION ALL
SELECT CONCAT('definer of trigger ', trigger_name), CONCAT_WS(' ', definer, sql_mode,
       action_order, character_set_client, collation_connection)
  FROM information_schema.triggers WHERE trigger_schema = {schema}
UNION ALL
SELECT CONCAT('definer of event ', event_name), CONCAT_WS(' ', definer, sql_mode, time_zone,
       on_completion, character_set_client, collation_connection)
  FROM information_schema.events WHERE event_schema = {schema}
UNION ALL
SELECT CONCAT('definer of view ', table_name), definer
  FROM information_schema.views WHERE table_schema = {schema}
ORDER BY 1, 2"""

NON_TRANSACTIONAL = """
SELECT t.table_name FROM information_schema.tables AS t
  LEFT JOIN information_schema.engines AS e ON e.engine = t.engine
 WHERE t.table_schema = {schema} AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
   AND IFNULL(e.transactions, 'NO') <> 'YES' ORDER BY 1"""

MISSING_RIGHTS = """
SELECT needed.privilege FROM (
  SELECT 'SELECT' AS privilege UNION ALL SELECT 'RELOAD' UNION ALL SELECT 'LOCK TABLES'
  UNION ALL SELECT 'SHOW VIEW' UNION ALL SELECT 'TRIGGER' UNION ALL SELECT 'EVENT') AS needed
 WHERE needed.privilege NOT IN (
  SELECT p.privilege_type FROM information_schema.user_privileges AS p
   WHERE p.grantee IN (SELECT CONCAT("'", REPLACE(CURRENT_USER(), '@', "'@'"), "'")
                        UNION ALL SELECT CONCAT("'", CURRENT_ROLE(), "'@''")))"""
"""Without one of them a dump silently lacks something, or is not of one moment. PROCESS is not
among them: it only makes a lock that waits visible."""
