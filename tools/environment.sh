# Sourced by ./start and ./test: makes .venv from the lock file, once for each state of it.
# shellcheck shell=bash

tell() { printf '%s\n' "$*" >&2; }

# Nothing of the machine or of another project may reach ours.
while IFS= read -r name; do
  case "$name" in
    GONGHENG_STATE | GONGHENG_FAULTS_ALLOWED | GONGHENG_FAULT) ;;
    GONGHENG_* | DJANGO_* | PYTHONPATH | PYTHONHOME | PYTEST_* | VIRTUAL_ENV | UV_SYSTEM_PYTHON) unset "$name" ;;
  esac
done < <(compgen -e)
export PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=

find_python() {
  local name
  for name in python3 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null &&
      "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  tell "没有找到 Python 3.11 或更高版本（现有：$(python3 --version 2>&1 || true)）。"
  tell "请安装后重新运行：apt-get install -y python3 python3-venv"
  exit 3
}

# The block of one package in a lock file, with its hashes.
locked() { awk -v start="$2==" 'index($0, start) == 1 {on=1} on && !/^[[:space:]]/ && index($0, start) != 1 {exit} on' "$1"; }

make_venv() {
  local python=$1
  rm -rf .venv
  if ! "$python" -m venv .venv >&2; then
    rm -rf .venv
    tell "无法建立 Python 虚拟环境：缺少 venv 模块。请运行后重试："
    tell "  apt-get install -y python3-venv"
    exit 3
  fi
}

# install LOCK: installs what LOCK names and the project itself; instant when nothing has changed.
install() {
  local lock=$1 python stamp
  python=$(find_python)
  stamp="$(cat "$lock" pyproject.toml | sha256sum | cut -d' ' -f1) $("$python" -V) $PWD"
  if [ "$(cat .venv/stamp 2>/dev/null)" = "$stamp" ]; then return; fi
  # What the tests need contains what a start needs: a start does not undo it.
  if [ "$lock" = requirements.lock ] && [ -f .venv/stamp ]; then
    local wider
    wider="$(cat requirements-dev.lock pyproject.toml | sha256sum | cut -d' ' -f1) $("$python" -V) $PWD"
    if [ "$(cat .venv/stamp)" = "$wider" ]; then return; fi
  fi
  tell "[█░░░] 1/4 建立 Python 环境（$("$python" -V)）"
  make_venv "$python"
  tell "[██░░] 2/4 取得安装工具 uv"
  local tool
  tool=$(mktemp)
  locked "$lock" uv >"$tool"
  if .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$tool" >&2; then
    tell "[███░] 3/4 安装依赖（按 $lock 的摘要核对）"
    by_uv "$lock" || by_pip "$lock"
  else
    by_pip "$lock"
  fi
  rm -f "$tool"
  tell "[████] 4/4 安装公衡"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
  printf '%s' "$stamp" >.venv/stamp
}

# uv reads nothing of pip's configuration: what pip was told about sources and trust, it is told too.
by_uv() {
  local index
  index=$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)
  if [ -n "$index" ] && [ -z "${UV_DEFAULT_INDEX:-}" ]; then export UV_DEFAULT_INDEX=$index; fi
  export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-1} UV_NATIVE_TLS=${UV_NATIVE_TLS:-1}
  .venv/bin/uv pip install --quiet --python .venv/bin/python --compile-bytecode --require-hashes -r "$1" >&2
}

# Spark, for the tests on a cluster. It is built from source, so what builds it is installed before it.
# Returns 1 where it cannot be had.
install_spark() {
  local stamp
  stamp=$(sha256sum <requirements-spark.lock)
  if [ "$(cat .venv/stamp-spark 2>/dev/null)" = "$stamp" ]; then return; fi
  tell "[░░░░] 安装 pyspark（约 0.5 GB，仅一次）"
  local builders name
  builders=$(mktemp)
  for name in packaging setuptools wheel; do locked requirements-spark.lock "$name"; done >"$builders"
  by_uv "$builders" && UV_NO_BUILD_ISOLATION=1 by_uv requirements-spark.lock || return 1
  rm -f "$builders"
  printf '%s' "$stamp" >.venv/stamp-spark
}

by_pip() {
  tell "[███░] 3/4 uv 不可用，改用 pip 安装依赖"
  if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1" >&2; then
    tell "依赖没有装上。请检查网络与 pip 的软件源设置（pip config list）、磁盘空间（df -h .），然后重新运行。"
    exit 3
  fi
}
