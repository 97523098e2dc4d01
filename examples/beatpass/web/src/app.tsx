// Which page is at which address. None of them is one of the API's paths.
import { lazy, Suspense, type ReactNode } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router';
import { Shell } from './layout/Shell';
import { useSession } from './session/Session';
import { useArrival } from './session/useArrival';
import { Boundary } from './ui/Boundary';
import { Failed, Loading } from './ui/States';

const Home = lazy(() => import('./pages/Home'));
const Explore = lazy(() => import('./pages/Explore'));
const Search = lazy(() => import('./pages/Search'));
const Beat = lazy(() => import('./pages/Beat'));
const Checkout = lazy(() => import('./pages/Checkout'));
const Producers = lazy(() => import('./pages/Producers'));
const Producer = lazy(() => import('./pages/Producer'));
const Collection = lazy(() => import('./pages/Collection'));
const Library = lazy(() => import('./pages/Library'));
const SignIn = lazy(() => import('./pages/SignIn'));
const SignUp = lazy(() => import('./pages/SignUp'));
const Forgot = lazy(() => import('./pages/Forgot'));
const Settings = lazy(() => import('./pages/settings/Settings'));
const Studio = lazy(() => import('./pages/studio/Studio'));
const Inbox = lazy(() => import('./pages/Inbox'));
const Requests = lazy(() => import('./pages/Requests'));
const Request = lazy(() => import('./pages/Request'));
const Backstage = lazy(() => import('./pages/Backstage'));
const Missing = lazy(() => import('./pages/Missing'));

export function App() {
  useArrival();
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route index element={page(<Home />)} />
        <Route path="explore" element={page(<Explore />)} />
        <Route path="find" element={page(<Search />)} />
        <Route path="beats/:id" element={page(<Beat />)} />
        <Route path="beats/:id/buy" element={members(<Checkout />)} />
        <Route path="producers" element={page(<Producers />)} />
        <Route path="producers/:id" element={page(<Producer />)} />
        <Route path="collections/:id" element={page(<Collection />)} />
        <Route path="requests" element={page(<Requests />)} />
        <Route path="requests/:id" element={page(<Request />)} />
        <Route path="sign-in" element={page(<SignIn />)} />
        <Route path="sign-up" element={page(<SignUp />)} />
        <Route path="forgot" element={page(<Forgot />)} />
        <Route path="library" element={members(<Library />)} />
        <Route path="inbox/:id?" element={members(<Inbox />)} />
        <Route path="settings/*" element={members(<Settings />)} />
        <Route path="studio/*" element={members(<Studio />)} />
        <Route path="backstage/*" element={members(<Backstage />)} />
        <Route path="*" element={page(<Missing />)} />
      </Route>
    </Routes>
  );
}

const page = (element: ReactNode) => <Boundary>{suspended(element)}</Boundary>;

const suspended = (element: ReactNode) => (
  <Suspense
    fallback={
      <div className="page">
        <Loading lines={4} />
      </div>
    }
  >
    {element}
  </Suspense>
);

const members = (element: ReactNode) => <Members>{page(element)}</Members>;

/** Strangers sign in first, and come back to where they wanted to go. */
function Members({ children }: { children: ReactNode }) {
  const { user, isKnown, error, refresh } = useSession();
  const { pathname, search } = useLocation();
  if (!isKnown) {
    return (
      <div className="page">
        <Loading lines={4} />
      </div>
    );
  }
  if (error) {
    return (
      <div className="page reading">
        <h1 className="visually-hidden">Not reached</h1>
        <Failed error={error} onRetry={() => void refresh()} />
      </div>
    );
  }
  if (!user) {
    return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />;
  }
  return children;
}
