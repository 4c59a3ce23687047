// Preview only: asks whether a newer page was made, and loads it.
const tag = document.querySelector("script[data-version]");
const version = Number(tag.dataset.version);

async function wait() {
  for (;;) {
    try {
      const answer = await fetch(`/preview/version?${version}`);
      if (Number(await answer.text()) > version) {
        location.reload();
        return;
      }
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

wait();
