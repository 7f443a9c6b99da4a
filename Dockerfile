# JupyterLab with the workbench, as a user without rights, behind a token.
#
#   docker build -t esm3 .                                     PyTorch as the package index has it: CUDA
#   docker build -t esm3 --build-arg TORCH_INDEX=URL .         PyTorch of another build, such as for CPUs
#   docker run -p 127.0.0.1:8888:8888 -v "$PWD:/home/designer/work" esm3
#   docker run --gpus all -p 127.0.0.1:8888:8888 -v "$PWD:/home/designer/work" esm3
#
# The start page of PyTorch names the index of each of its builds. The address to open, with its token, is
# printed at the start; JUPYTER_TOKEN sets a token of your own.

FROM python:3.12-slim

ARG TORCH=torch==2.13.0
ARG TORCH_INDEX=
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1

# PyTorch first, in a layer of its own: it is large and changes seldom.
RUN python -m pip install ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} "$TORCH"

COPY . /opt/esm3-workbench
RUN python -m pip install -c /opt/esm3-workbench/constraints.txt "/opt/esm3-workbench[cluster]" \
    && rm -rf /opt/esm3-workbench \
    && useradd --create-home --uid 1000 designer \
    && install -d -o designer -g designer /home/designer/work

USER designer
WORKDIR /home/designer/work
EXPOSE 8888
HEALTHCHECK --start-period=30s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8888/api', timeout=3)"]
CMD ["workbench", "lab", "--no-browser", "--ip=0.0.0.0", "--port=8888"]
