#!/bin/bash
# The pages of the UI lie in the package, but are looked for in the run directory.
job=$1
run_dir=$2
ln -sfn "$run_dir/package/public" "$run_dir/public"
if [ "$job" = logviewer ]; then
  ln -sfn "$SUPERVISOR_LOG_DIR" "$run_dir/logs"
fi
