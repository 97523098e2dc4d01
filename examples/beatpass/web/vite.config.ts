import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run dev` is a front end of its own on another port: it asks the host at VITE_API, whose
// stateful origins it must be one of. Without a public address the host takes all on this machine.
export default defineConfig({
  plugins: [react()],
  server: { port: 5173, strictPort: true },
  build: { target: 'es2022', chunkSizeWarningLimit: 600 },
});
