/** A real Airflow from PyPI, without its servers: `dag.test` runs a DAG to its end. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { startProgram, type Program } from './program.js';
import { pythonVenv } from './python-venv.js';

/** From the project root, where tests run. */
const REQUIREMENTS = path.resolve('test/services/airflow/requirements.txt');

/**
 * `airflow dags test` would give each try a DAG run of its own, named by the minute; here the same time is the same DAG
 * run, as it is for a scheduled one.
 */
const RUN_DAG = `
import importlib, sys
from datetime import datetime, timezone
dag_id, time = sys.argv[1:]
time = datetime.fromisoformat(time).replace(tzinfo=timezone.utc)
run = importlib.import_module(dag_id).dag.test(logical_date=time, run_after=time)
print("DAG run", run.run_id, run.state)
sys.exit(0 if run.state == "success" else 1)
`;

/** One Airflow with its own folder; two of them run side by side. */
export interface Airflow {
  readonly dags: string;
  /**
   * Starts a DAG run; the same time again is the same DAG run. It is a process group of its own, so that it may be
   * killed whole.
   */
  runDag(dagId: string, time: string): Program;
  /** `kill -9` of a DAG run and of what it started in its group. */
  kill(program: Program): Promise<void>;
}

/**
 * @param home a folder of the test
 * @param variables what tasks find in their environment
 * @throws Error with pip's words when Airflow can't be installed
 */
export async function makeAirflow(home: string, variables: NodeJS.ProcessEnv): Promise<Airflow> {
  const programs = await pythonVenv('airflow', REQUIREMENTS);
  const dags = path.join(home, 'dags');
  await mkdir(dags, { recursive: true });
  await copyFile(await migratedDatabase(programs), path.join(home, 'airflow.db'));
  const env = environment(home, dags, programs, variables);
  return {
    dags,
    runDag: (dagId, time) =>
      startProgram(path.join(programs, 'python'), ['-c', RUN_DAG, dagId, time], {
        env: { ...env, PYTHONPATH: dags },
        cwd: home,
        detached: true,
      }),
    kill: async ({ child, ended }) => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
  };
}

/** Making the tables takes ten seconds: done once for each set of packages, and copied. */
async function migratedDatabase(programs: string): Promise<string> {
  const database = path.join(path.dirname(programs), 'migrated.db');
  if (existsSync(database)) return database;
  const home = path.join(path.dirname(programs), `migrating-${process.pid}`);
  await mkdir(home, { recursive: true });
  const env = environment(home, home, programs, process.env);
  const { code, stdout, stderr } = await startProgram(path.join(programs, 'airflow'), ['db', 'migrate'], { env }).ended;
  if (code !== 0) throw new Error(`airflow db migrate ended with ${code}:\n${stdout}${stderr}`);
  await rename(path.join(home, 'airflow.db'), database);
  await rm(home, { recursive: true, force: true });
  return database;
}

function environment(home: string, dags: string, programs: string, variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...variables,
    PATH: [programs, variables['PATH'] ?? process.env['PATH'] ?? ''].join(path.delimiter),
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__DAGS_FOLDER: dags,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${home}/airflow.db`,
  };
}
