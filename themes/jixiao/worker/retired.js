// The kill switch: a worker that takes the place of a faulty one, then goes. What visitors saved
// stays, for the day a good worker comes back.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.registration.unregister()));
