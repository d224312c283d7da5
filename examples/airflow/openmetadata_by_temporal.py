"""Runs a recipe each night from an Airflow that has no Node: Amazon MWAA, Google Cloud Composer, or your own.

It needs the package temporalio and nothing else. The ingestion itself runs on the workers of the task queue. `start` starts the run, or finds the
one that an earlier attempt started; `wait` looks once a minute and holds no worker slot in between. Killing either task leaves the run alone.
A run that failed is started again by clearing `start` with what is downstream of it.
"""

import asyncio
from datetime import datetime, timedelta

from airflow.exceptions import AirflowFailException
from airflow.sdk import DAG, PokeReturnValue, task
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.envconfig import ClientConfig
from temporalio.exceptions import WorkflowAlreadyStartedError

WORKFLOW = "metadataWorkflow"  # lineageWorkflow, usageWorkflow, profilerWorkflow, testSuiteWorkflow
RECIPE = "mysql/metadata.yaml"  # a name in the recipes folder of om-ingest's workers
TASK_QUEUE = "openmetadata-ingestion"
PARTIAL_SUCCESS_FAILS = True  # as om-ingest's exit code 1
POLL_SECONDS = 60


async def connect() -> Client:
    """By TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_…, as the command `temporal` does."""
    return await Client.connect(**{"target_host": "localhost:7233", **ClientConfig.load_client_connect_config()})


async def start_run(workflow_id: str, as_of: str) -> None:
    client = await connect()
    try:
        await client.start_workflow(
            WORKFLOW,
            {"recipePath": RECIPE, "asOf": as_of},
            id=workflow_id,
            task_queue=TASK_QUEUE,
            # one under way is taken up; one that succeeded is not repeated; one that failed is
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        )
    except WorkflowAlreadyStartedError:
        print(f"{workflow_id} is over already: its result counts")


async def report_of(workflow_id: str) -> dict | None:
    """The report of a run that is over; None while it is under way."""
    handle = (await connect()).get_workflow_handle(workflow_id)
    if (await handle.describe()).status == WorkflowExecutionStatus.RUNNING:
        return None
    try:
        return await handle.result()
    except WorkflowFailureError as error:
        # trying again would only read the same end
        raise AirflowFailException(f"{workflow_id}: {error.cause}") from error


with DAG(
    dag_id="openmetadata_by_temporal",
    schedule="0 3 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=1)},
) as dag:

    @task
    def start(workflow_id: str, as_of: str) -> str:
        asyncio.run(start_run(workflow_id, as_of))
        return workflow_id

    @task.sensor(mode="reschedule", poke_interval=POLL_SECONDS, timeout=timedelta(days=1).total_seconds())
    def wait(workflow_id: str) -> PokeReturnValue:
        report = asyncio.run(report_of(workflow_id))
        if report is None:
            return PokeReturnValue(is_done=False)
        print(f"{workflow_id}: {report['state']}, {report['successPercent']} %")
        for step in report["steps"]:
            print(f"  {step['name']}: {step['records']} records, {step['errors']} errors")
        if report["state"] != "success" and PARTIAL_SUCCESS_FAILS:
            raise AirflowFailException(f"{workflow_id}: {report['state']}")
        return PokeReturnValue(is_done=True, xcom_value=report["state"])

    wait(start("om-{{ dag.dag_id }}-{{ run_id }}", "{{ data_interval_end | ts }}"))
