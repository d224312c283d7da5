"""Runs a recipe each night by the command om-ingest, which is on the PATH of Airflow's workers (Node 20.19 or newer).

The ingestion itself runs on the workers of the task queue. A killed or retried task attaches to the run of its DAG run, or takes the result of
one that is over: the workflow's id is made of the DAG run's. The task's log has progress and report; its exit code is om-ingest's.
For Airflow without Node, and to wait without a worker slot, see openmetadata_by_temporal.py.
"""

from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

RECIPE = "mysql/metadata.yaml"  # a name in the recipes folder of om-ingest's workers

with DAG(
    dag_id="openmetadata_by_command",
    schedule="0 3 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
) as dag:
    BashOperator(
        task_id="ingest",
        # TEMPORAL_ADDRESS and the like come from the environment of Airflow's workers
        append_env=True,
        env={
            "RECIPE": RECIPE,
            "RUN": "om-{{ dag.dag_id }}-{{ run_id }}",
            # windows of a query log hang on the DAG run's own time, also in a backfill
            "AS_OF": "{{ data_interval_end | ts }}",
        },
        # 1 is a partial success; to take it for a success, append: || [ $? -eq 1 ]
        bash_command='om-ingest run "$RECIPE" --id "$RUN" --as-of "$AS_OF"',
        retries=3,
        retry_delay=timedelta(minutes=1),
    )
